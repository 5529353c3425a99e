// SPDX-License-Identifier: MIT
// What the npm sides of the measurements share: a clock, and figures as lines "name per-second per-second-of-processor-time".

export const say = (name, { clock, processor }) => process.stdout.write(`${name} ${clock} ${processor}\n`)
export const now = () => Number(process.hrtime.bigint()) / 1e9

// A measurement: done(count) gives both rates since, processor time being that of all threads.
export function watch () {
  const start = now()
  const cpu = process.cpuUsage()
  return {
    seconds: () => now() - start,
    done: (count) => {
      const { user, system } = process.cpuUsage(cpu)
      return { clock: count / (now() - start), processor: count / ((user + system) / 1e6) }
    }
  }
}
