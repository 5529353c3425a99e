/* SPDX-License-Identifier: MIT */
/* vms.h - libvms: auditable services. Includes every public header. */
#ifndef VMS_H
#define VMS_H

#include "vms/archive.h"
#include "vms/base.h"
#include "vms/ledger.h"
#include "vms/net.h"
#include "vms/rpc.h"
#include "vms/sandbox.h"
#include "vms/service.h"

#endif
