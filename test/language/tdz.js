// SPDX-License-Identifier: MIT
try { a; let a = 1; } catch (e) { console.log(e.name + ': ' + e.message); }
function f() { return b; } try { f(); } catch (e) { console.log(e.message); } const b = 2; console.log(String(f()));
try { c = 1; let c; } catch (e) { console.log(e.message); }
try { typeof d; const d = 1; } catch (e) { console.log(e.message); }
try { let e1 = e1 + 1; } catch (e) { console.log(e.message); }
switch (1) { case 0: let s = 1; break; case 1: try { s; } catch (e) { console.log(e.message); } }
