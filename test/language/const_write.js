// SPDX-License-Identifier: MIT
const a = 1; try { a = 2; } catch (e) { console.log(e.name + ': ' + e.message); }
try { a++; } catch (e) { console.log(e.message); } try { a += 1; } catch (e) { console.log(e.message); }
for (const i of [1]) { try { i = 2; } catch (e) { console.log(e.message); } } console.log(String(a));
const o = { p: 1 }; o.p = 2; console.log(String(o.p)); try { [a] = [5]; } catch (e) { console.log(e.message); }
