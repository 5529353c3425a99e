/* SPDX-License-Identifier: MIT */
/* Is there a script whose steps take long, or that runs long between two checks of them? The input chooses among the productions of a
 * small grammar: values of many shapes and sizes, and built-ins that are called on them, again and again until the steps are used
 * up. What a run costs per step, and its longest pause, are counters for libFuzzer, one set for each production: it keeps what is
 * slower than anything else that used the production, and goes on from there. Whatever is over a bound when it is run again is
 * printed, and stored in the folder that HUNT names; nothing fails, for time depends on the machine. `make hunt` builds and runs
 * it without sanitizers. With PRINT=1 in the environment the scripts are printed and not run. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sandbox/internal.h"
#include "test/support/pauses.h"

#define STEPS_MAX 1500000u
#define MEMORY_MAX (48u << 20)
#define STEP_NS_MAX 150.0 /* over a whole run; common are 10 to 40 */
#define PAUSE_US_MAX 20000.0
#define FLOOR_US 20000.0 /* the time of shorter runs says little */
#define DEPTH_MAX 5
#define BUCKETS 32

/* --- the grammar: $ and a letter stands for one of the letter's productions ---------------------------------- */

#define LIST(...) (const char *const[]){ __VA_ARGS__, NULL }
static const struct { char letter; const char *const *of; } rules[] = {
  { 'N', LIST("0", "1", "7", "16", "60", "250", "1000", "4000", "9900", "3e4", "1e5", "4e5", "1e6", "3e6", "1e7", "4294967295", "9007199254740991", "-1", "i",
      "i%16", "i*7919%10007", "NaN", "Infinity", "0.1", "1e21", "1.1e-310", "1e300", "-0", "2147483648", "i*1e9+0.5") },
  /* sizes of what is made before the loop */
  { 'n', LIST("8", "100", "1000", "3000", "9000", "3e4", "1e5", "3e5", "1e6", "3e6", "1e7") },
  { 'q', LIST("8", "100", "300", "1000", "3000", "9000", "3e4", "9e4") }, /* made step by step */
  { 's', LIST("'x'.repeat($n)", "'\\u00e9'.repeat($n)", "'ab,'.repeat($n)", "'\\ud83d\\ude00'.repeat($n)", "' '.repeat($n)", "'1'.repeat($n)", "'\\u0001'.repeat($n)",
      "'\\u03a3\\u00df'.repeat($n)", "'a'.repeat($n)+'b'", "'%41'.repeat($n)", "'0.'+'0'.repeat($n)+'1'", "'['.repeat($q)+']'.repeat($q)", "'['+'1.5e-300,'.repeat($n)+'1]'",
      "'['+'{\"a\":[],\"b\":1},'.repeat($q)+'1]'", "'{'+'\"k\":1,'.repeat($n)+'\"z\":1}'", "'\"'+'\\\\u00e9'.repeat($n)+'\"'", "JSON.stringify($o)", "String($a)", "'\\ud800'.repeat($n)",
      "'\\u0130I\\u0307'.repeat($n)", "'e\\u0301\\u0316'.repeat($n)", "'$&$1$`'.repeat($q)", "'a\\n'.repeat($n)") },
  { 'a', LIST("Array($n).fill(1)", "Array($n)", "Array.from({length:$q},(_,i)=>i*7919%10007)", "Array.from({length:$q},(_,i)=>'k'+i)", "Array.from({length:$q},(_,i)=>({i}))",
      "Array($n).fill(v1)", "Array($q).fill([1,[2,[3]]])", "(a=>{a[$N]=1;return a})([])", "(a=>{a[4e9]=1;return a})(Array($q).fill(1))", "Array.from({length:$q},(_,i)=>i/3)",
      "(a=>{for(let i=0;i<$q;i++)a=[a];return a})([])", "Object.freeze(Array($q).fill(1))", "Array.from({length:$q},(_,i)=>'x'.repeat(500)+i)", "Array.from({length:$q},(_,i)=>[i,i])",
      "(a=>{a.length=$N;return a})([1,2])", "(function(){return arguments})(...Array($q))", "Array.from({length:$q},(_,i)=>[[i]])", "[,,1,,,2]", "Object.keys(v2)",
      "(a=>{for(let i=$q;i>0;i--)a[i]=i;return a})([])", "Array.from({length:$q},(_,i)=>Symbol(i))", "Array.from({length:$q},(_,i)=>()=>i)", "new Proxy(Array($q).fill(1),{})") },
  { 'o', LIST("{a:1,b:'x'}", "Object.fromEntries(Array.from({length:$q},(_,i)=>['k'+i,i]))", "(o=>{for(let i=$q;i>0;i--)o[i]=1;return o})({})",
      "(o=>{for(let i=0;i<$q;i++)o['k'+i]=1;for(let i=1;i<$q;i++)delete o['k'+i];return o})({})", "(o=>{for(let i=0;i<$q;i++)o=Object.create(o);return o})({})",
      "(o=>{for(let i=0;i<$q;i++)o={o};return o})(null)", "(o=>{for(let i=0;i<150;i++)o=new Proxy(o,{});return o})({})", "new Proxy({},{get(t,k){return v0},has(){return true},ownKeys(){return v0}})",
      "(o=>{for(let i=0;i<$q;i++)Object.defineProperty(o,'k'+i,{get(){return i},enumerable:i%2>0,configurable:true});return o})({})", "Object.freeze({...v0})", "{get a(){return v1},set a(x){},toJSON(){return v0}}",
      "{length:$N,0:1,9:2}", "{[Symbol.iterator]:function*(){for(let i=0;i<$q;i++)yield i}}", "{toString(){return v1},valueOf(){return $N}}", "new String(v1)", "Object.create(v0)", "Object.assign(Object.create({a:1}),v0)",
      "(f=>{for(let i=0;i<$q;i++)f=f.bind(null,i);return f})(Math.max)", "new Error(v1)", "Object.create(v3)", "(o=>{for(let i=0;i<$q;i++)o[Symbol(i)]=i;return o})({})",
      "(o=>{for(let i=0;i<$q;i++)o[v1.slice(0,300)+i+'y']=i;return o})({})", "class{static x=1;#p=2;m(){return this.#p}}", "globalThis") },
  { 'x', LIST("new Map(Array.from({length:$q},(_,i)=>[i,i]))", "new Set(Array.from({length:$q},(_,i)=>'k'+i))", "(m=>{for(let i=0;i<$q;i++)m.set({},i);return m})(new Map)",
      "(m=>{for(let i=0;i<$q;i++)m.set(i,i);for(let i=1;i<$q;i++)m.delete(i);return m})(new Map)", "(m=>{for(let i=0;i<$q;i++)m.set(v1.slice(0,300)+i+'y',i);return m})(new Map)",
      "(m=>{for(let i=0;i<$q;i++)m=new Map([[m,m]]);return m})(0)", "new Set(v1)", "new Uint8Array($n)", "new Float64Array($n)", "new Int16Array($n).fill(7)", "new Uint8ClampedArray(v0)", "new Float32Array($n)",
      "new ArrayBuffer($n)", "new DataView(new ArrayBuffer($n))", "new Uint8Array($n).subarray(1)", "new Int32Array(v0)", "/$r/g", "/$r/", "/$r/i", "new RegExp(v1.slice(0,$q))", "/$r/gu", "/$r/y", "/$r/gims", "new Date(0)",
      "new WeakMap(Array.from({length:$q},()=>[{},1]))", "Promise.resolve(1)", "(p=>{for(let i=0;i<$q;i++)p=p.then();return p})(Promise.resolve(1))", "(function*(){for(;;)yield v0})()", "v0[Symbol.iterator]()",
      "Symbol(v1)", "(f=>{for(let i=0;i<1000;i++){const g=f;f=()=>g}return f})(0)", "new Proxy(Math.max,{apply(t,h,a){return a.length}})", "typeof Buffer=='function'?Buffer.alloc($n):0", "Array.from({length:$q},()=>new Map([[1,2]]))",
      "Array.from({length:$q},()=>(function*(){yield 1})())", "Array.from({length:$q},async()=>{await 1})") },
  { 'r', LIST("x", "x+", "(x+)+y", "x*y", "[a-z]+$", "(?:a|ab)*c", "(.)\\1+", "\\s+$", "^\\s+|\\s+$", "[^,]*,", "(?=x)x", "\\bx", "\\d{1,9}", "(?<=x)y", "(x)(y)?(z)*", ".*.*=", "(?:)", "[\\s\\S]*?z", "$", "[^]", "\\u00e9+",
      "(?<n>x)\\k<n>", "(?!y)x*", "\\p{L}+", "(a?){20}a{20}", "(x|y|z|ab|,)+?q", "\\w+\\W", "(?:x{0,5}){0,5}y", "\\W", "[^\\u0000-\\uffff]") },
  { 'f', LIST("x=>x", "(x,y)=>x-y", "(x,y)=>y<x?1:-1", "()=>1", "x=>[x,x]", "(x,y)=>x+y", "()=>v1", "()=>{throw 1}", "x=>!!x", "()=>0", "String", "(x,y)=>[y]", "Math.max", "()=>v0.length=1", "x=>v0.push(x)", "function(){return arguments}", "async x=>x",
      "function*(){yield 1}", "x=>new Error(x)", "Symbol.iterator", "{}", "v2") },
  { 'E', LIST("v0", "v1", "v2", "v3", "$N", "$f", "i", "'x'", "''", "null", "undefined", "'k'+i", "v1+i", "[i]", "{i}", "/$r/g", "true", "'length'", "Symbol.iterator", "r", "-1", "','", "$C", "v0[0]", "v0[i]", "v1[i]", "v2['k'+i]", "String(i)", "v1.length", "i/3",
      "v1.slice(i%100)", "{...v2}", "[...v0]", "v1.slice(0,50)", "'b'") },
  /* one call */
  { 'C', LIST("$A", "$T", "$O", "$X", "$A", "$T") },
  { 'A', LIST("v0.concat($E)", "v0.concat(v0)", "v0.copyWithin($N,$N,$N)", "v0.every($f)", "v0.fill($E,$N,$N)", "v0.filter($f)", "v0.find($f)", "v0.findIndex($f)", "v0.flat($N)", "v0.flatMap($f)", "v0.forEach($f)", "v0.includes($E)", "v0.indexOf($E,$N)",
      "v0.join($E)", "v0.lastIndexOf($E)", "v0.map($f)", "v0.pop()", "v0.push($E,$E)", "v0.reduce($f)", "v0.reduceRight($f,$E)", "v0.reverse()", "v0.shift()", "v0.slice($N,$N)", "v0.some($f)", "v0.sort()", "v0.sort($f)", "v0.splice($N,$N,$E,$E)", "v0.splice($N)",
      "v0.unshift($E)", "[...v0.keys()]", "[...v0.entries()]", "v0.toString()", "v0.length=$N", "v0[$N]=$E", "delete v0[$N]", "Array.from($E)", "Array.from($E,$f)", "Array.of(...v0)", "[...v0,...v0]", "[a,...b]=v0", "Array.isArray($E)", "v0.at($N)",
      "Array.prototype.$p.call($E,$E)", "Array.prototype.$p.call({length:$N},$f)", "Array.prototype.$p.call(v3,$E,$E)", "Array.prototype.$p.apply(v2,v0)", "v0=$a", "v0.length", "Math.max(...v0)", "$E.apply(null,v0)", "new Array($N)", "for(const x of v0);", "for(const k in v0);",
      "for(const [x,y] of v0);", "Reflect.apply($f,null,v0)", "Reflect.construct(Array,v0)", "String.fromCharCode(...v0)", "String.fromCodePoint.apply(null,v0)", "v0.toLocaleString()", "v0.sort((a,b)=>a-b)", "v0.slice().sort()", "v0.splice(0,1)", "v0.splice(1,0,i)") },
  { 'p', LIST("concat", "copyWithin", "every", "fill", "filter", "find", "findIndex", "flat", "flatMap", "forEach", "includes", "indexOf", "join", "lastIndexOf", "map", "pop", "push", "reduce", "reduceRight", "reverse", "shift", "slice", "some", "sort", "splice", "unshift", "toString",
      "entries", "findLast", "at") },
  { 'T', LIST("v1.charAt($N)", "v1.charCodeAt($N)", "v1.codePointAt($N)", "v1.concat($E)", "v1.endsWith($E)", "v1.includes($E)", "v1.indexOf($E,$N)", "v1.lastIndexOf($E)", "v1.localeCompare($E)", "v1.match($E)", "[...v1.matchAll(/$r/g)]", "v1.normalize('NFC')", "v1.normalize('NFD')",
      "v1.normalize('NFKD')", "v1.padEnd($N,$E)", "v1.padStart($N)", "v1.repeat($N)", "v1.replace($E,$E)", "v1.replace(/$r/g,$E)", "v1.replaceAll($E,$E)", "v1.search(/$r/)", "v1.slice($N,$N)", "v1.split($E)", "v1.split(/$r/)", "v1.split('')", "v1.startsWith($E)", "v1.substr($N,$N)",
      "v1.substring($N,$N)", "v1.toLowerCase()", "v1.toUpperCase()", "v1.trim()", "v1.trimEnd()", "[...v1]", "for(const c of v1);", "for(const k in v1);", "v1+i", "v1<v1+'a'", "v1===v1.slice(0)", "v1.at($N)", "`${v1}${i}`", "v1[$N]", "v1.length", "/$r/.test(v1)", "/$r/g.exec(v1)",
      "/$r/i.test(v1)", "/$r/u.exec(v1)", "new RegExp($E,'g')", "new RegExp(v1.slice(0,1000))", "Number(v1)", "parseInt(v1,$N)", "parseFloat(v1)", "+v1", "v1*2", "encodeURIComponent(v1)", "decodeURIComponent(v1)", "encodeURI(v1)", "decodeURI(v1)", "escape(v1)", "unescape(v1)", "JSON.parse(v1)",
      "JSON.parse(v1,$f)", "JSON.stringify(v1)", "Symbol.for(v1)", "Symbol(v1).toString()", "Symbol(v1).description", "new Date(v1)", "Date.parse(v1)", "new TextEncoder().encode(v1)", "Object.keys(Object(v1))", "v2[v1]", "v2[v1]=i", "v1=$s", "v1=v1+i", "String.raw({raw:v0},1)", "v1.valueOf()",
      "new Error(v1).stack", "(0,eval)", "v1 in v2", "Function(v1)", "typeof Buffer=='function'?Buffer.from(v1):0", "typeof Buffer=='function'?Buffer.from(v1,'hex'):0", "typeof Buffer=='function'?Buffer.from(v1,'base64'):0", "v1.toString()", "v1=v1.slice(1)", "v1.split('').reverse().join('')",
      "v1.indexOf(v1.slice(0,1e4)+'b')", "v1.split('bb')", "v1.replaceAll('bb','c')", "v1.lastIndexOf('bb')") },
  { 'O', LIST("Object.keys(v2)", "Object.values(v2)", "Object.entries(v2)", "Object.assign({},v2)", "({...v2})", "const{a,...b}=v2", "Object.freeze(v2)", "Object.seal(v2)", "Object.isFrozen(v2)", "Object.isSealed(v2)", "Object.getOwnPropertyNames(v2)", "Object.getOwnPropertySymbols(v2)",
      "Object.getOwnPropertyDescriptors(v2)", "Object.getOwnPropertyDescriptor(v2,$E)", "Object.defineProperty(v2,$E,{value:$E,configurable:true})", "Object.defineProperties({},v2)", "Object.create(v2)", "Object.create({},v2)", "Object.setPrototypeOf(v2,$E)",
      "Object.setPrototypeOf($E,v2)", "Object.getPrototypeOf(v2)", "Object.is(v2,v2)", "v2.hasOwnProperty($E)", "v2.isPrototypeOf($E)", "v2.propertyIsEnumerable($E)", "v2.toString()", "String(v2)", "+v2", "v2 instanceof Object", "$E instanceof v2", "v2.a", "v2.zz", "v2[$E]", "v2[$E]=$E", "v2['k'+i]=1",
      "delete v2['k'+i]", "delete v2[$E]", "$E in v2", "for(const k in v2)break", "for(const k in v2);", "Reflect.ownKeys(v2)", "Reflect.has(v2,$E)", "Reflect.get(v2,$E,$E)", "Reflect.set(v2,$E,$E)", "Reflect.deleteProperty(v2,$E)", "JSON.stringify(v2)", "JSON.stringify(v2,$f)", "JSON.stringify(v2,v0)",
      "JSON.stringify(v2,null,$E)", "JSON.stringify(v0)", "JSON.parse(JSON.stringify(v2))", "v2=$o", "v2={v2}", "v2=Object.create(v2)", "new v2()", "v2()", "v2(...v0)", "Object.fromEntries(v0)", "Object.entries(v0)", "Object.fromEntries(v3)", "new class extends Array{}()", "new(class{#a=1;b=v1;c=()=>this})()",
      "class extends Object{}", "Object.preventExtensions(v2)", "structuredClone", "Object.groupBy", "v2==v1", "v2<v1", "`${v2}`", "[...v2]", "Object.assign(v2,v0)", "Error.captureStackTrace", "new Proxy(v2,{})", "new Proxy({},v2).x", "v2.toLocaleString()", "v2.valueOf()", "Object.defineProperties(v2,Object.getOwnPropertyDescriptors(v0))",
      "v2.constructor", "v2.__proto__", "Function.prototype.toString.call(v2)", "Math.max.bind(null,...v0)", "v2=v2.o||v2", "{let l=null;for(let j=0;j<$q;j++)l={l}}", "{const f={};let l=f;for(let j=0;j<$q;j++)l={l};f.l=l}", "{const f=()=>f}", "{const o={};o.o=o}", "(function f(n){return n?f(n-1):v1.length})(200)", "(function f(){f()})()",
      "Object.create(null)", "Object.assign(Object.create(v2),{a:1})", "(()=>{let $D;return 1})()", "(c=>{if(c)v2($W);return v0.at(0)})()", "(()=>{let $D;return()=>w1})()", "(function*(){let $D;yield 1})().next()",
      "[$W]", "(()=>{let $D;for(const x of v0);try{null.x}catch{}})()", "(($D)=>w1)()") },
  { 'X', LIST("v3.get($E)", "v3.set($E,$E)", "v3.set(i,i)", "v3.has($E)", "v3.add($E)", "v3.delete($E)", "v3.delete(v3.keys().next().value)", "v3.clear()", "v3.forEach($f)", "[...v3]", "for(const x of v3)break", "for(const x of v3);", "[...v3.keys()]", "[...v3.entries()]", "new Map(v3)", "new Set(v3)", "new Set(v0)",
      "new Map(v0)", "new v3.constructor(v3)", "new v3.constructor(v0)", "new v3.constructor($N)", "v3.slice($N,$N)", "v3.subarray($N,$N)", "v3.set(v3)", "v3.set(v0)", "v3.set(new Uint8Array($N),1)", "v3.fill($E)", "v3.sort()", "v3.sort($f)", "v3.reverse()", "v3.indexOf($E)", "v3.includes($E)", "v3.lastIndexOf($E)", "v3.join($E)",
      "v3.map($f)", "v3.filter($f)", "v3.copyWithin($N,$N)", "new Uint8Array(v3)", "new Float64Array(v3)", "new Uint16Array(v3.buffer)", "v3.getFloat64($N)", "v3.setFloat64($N,$E)", "v3.setInt8($N,1)", "new TextDecoder().decode(v3)", "v3.test(v1)", "v3.exec(v1)", "v1.match(v3)", "v1.replace(v3,$E)", "v1.split(v3)", "v1.search(v3)",
      "v3.lastIndex=$N", "v3.source", "String(v3)", "v3.toISOString()", "v3.toString()", "v3.setMonth($N)", "v3.setFullYear($N,$N,$N)", "v3.getDay()", "new Date($N,$N,$N)", "new Date($N)", "Date.UTC($N,$N)", "v3.next()", "v3.return(1)", "v3.then($f)", "Promise.all(v0)", "Promise.race(v0)", "Promise.any(v0)", "Promise.allSettled(v0)",
      "Promise.all(v3)", "new Promise($f)", "Promise.resolve($E)", "Promise.reject(1).catch($f)", "(async()=>{for await(const x of v0);})()", "(async()=>{await v3;await v0})()", "setTimeout($f,$N)", "clearTimeout(setTimeout($f,$N))", "queueMicrotask($f)", "v3()", "v3(...v0)", "Math.$m($E,$E)", "Math.$m(i/3,i)", "i.toString($N)", "(i/3).toString(2+i%35)",
      "(i*1e300).toString(3)", "(i*5e-324).toString()", "(i*1.1e-310).toFixed(20)", "(i/3).toPrecision(100)", "(i*1e300).toExponential(50)", "String(i*1.1e-300)", "Number($E)", "i**0.37", "i%0.37", "1e308%(i*1e-300)", "Symbol.for('k'+i)", "v3=$x", "Atomics", "[...(function*(){for(let j=0;j<100;j++)yield j})()]", "(function*(){yield*v0})().next()",
      "const [a,b,...c]=v3", "[...v3.values()]", "v3.every($f)", "v3.find($f)", "v3.reduce($f)", "v3.toString('hex')", "v3.toString('base64')", "v3.equals(v3)", "v3.compare(v3)", "v3.byteLength", "v3[$N]", "v3[$N]=$E", "v3.description", "Array.from(v3)", "Array.from(v3,$f)", "new WeakSet([v2]).has(v2)", "new WeakMap().set(v2,1)",
      "Object.keys(v3)", "JSON.stringify(v3)", "v3.bind(null,...v0)", "v3.name", "Uint8Array.from(v0)", "Float32Array.of(...v0)") },
  { 'm', LIST("abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "clz32", "cos", "cosh", "exp", "expm1", "floor", "fround", "hypot", "imul", "log", "log10", "log1p", "log2", "max", "min", "pow", "round", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc", "random") },
};
#define RULES (sizeof rules / sizeof rules[0])
#define PRODUCTIONS 1024

__attribute__((section("__libfuzzer_extra_counters"))) static volatile uint8_t counters[PRODUCTIONS * BUCKETS * 2];
static uint16_t firsts[256], counts[256], used[512];
static size_t used_count;
static const uint8_t *input, *input_end;

static void rules_init(void) {
  uint16_t total = 0;
  for (size_t i = 0; i < RULES; i++) {
    uint16_t count = 0;
    while (rules[i].of[count] != NULL) count++;
    firsts[(uint8_t)rules[i].letter] = total;
    counts[(uint8_t)rules[i].letter] = count;
    total = (uint16_t)(total + count);
  }
  assert(total <= PRODUCTIONS);
}

static unsigned take(void) { return input < input_end ? *input++ : 0; }

static void expand(vms_buffer *out, const char *text, int depth) {
  for (; *text != 0; text++) {
    uint8_t letter = (uint8_t)text[1];
    if (*text == '$' && (letter == 'W' || letter == 'D')) { /* many of the same in the code */
      static const unsigned sizes[] = { 20, 200, 2000, 12000 };
      unsigned size = sizes[take() % 4];
      for (unsigned i = 0; i < size && out->len < 200000; i++)
        if (vms__buf_format(out, letter == 'D' ? "%sw%u" : "%si", i == 0 ? "" : ",", i) != VMS_OK) abort();
      text++;
      continue;
    }
    if (*text != '$' || counts[letter] == 0) {
      vms__buf_slice(out, (vms_slice){ text, 1 });
      continue;
    }
    unsigned pick = (take() + (counts[letter] > 200 ? take() : 0)) % counts[letter];
    if (depth >= DEPTH_MAX && (letter == 'E' || letter == 'C')) pick = 0;
    size_t rule = 0;
    while (rules[rule].letter != (char)letter) rule++;
    if (used_count < sizeof used / sizeof used[0]) used[used_count++] = (uint16_t)(firsts[letter] + pick);
    if (out->len < 20000) expand(out, rules[rule].of[pick], depth >= DEPTH_MAX && letter == 'C' ? depth + 9 : depth + 1);
    text++;
  }
}

static void build(vms_buffer *out, const uint8_t *data, size_t size) {
  static const char *const heads[] = { "(()=>{for(let i=0;;i++){", "(async()=>{for(let i=0;;i++){await 0;", "{let i=0;setInterval(()=>{i++;", "(()=>{for(let i=0;;i++){" };
  static const char *const tails[] = { "}})()", "}})()", "},1)}", "}})()" };
  input = data;
  input_end = data + size;
  used_count = 0;
  unsigned shape = take();
  /* what calls are made of differs: an odd shape makes the values in another order */
  vms__buf_text(out, "let v0=[1,2],v1='x',v2={},v3=0,r,a,b;const T=f=>{try{return f()}catch(e){return e}};\n");
  expand(out, shape & 64 ? "T(()=>{v3=$x});T(()=>{v2=$o});T(()=>{v1=$s});T(()=>{v0=$a});\n" : "T(()=>{v1=$s});T(()=>{v0=$a});T(()=>{v2=$o});T(()=>{v3=$x});\n", 0);
  vms__buf_text(out, heads[shape & 3]);
  for (unsigned count = 1 + (shape >> 2) % 4; count > 0; count--) expand(out, "T(()=>{r=$C});", 0);
  vms__buf_text(out, tails[shape & 3]);
}

/* Statements are no expressions: `r=for(...)`. */
static void mend(vms_buffer *code) {
  static const char *const words[] = { "r=for(", "r={let ", "r={const ", "r=const " };
  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
    for (char *at = code->data; (at = strstr(at, words[w])) != NULL;) at[0] = ' ', at[1] = ' ';
}

/* --- running ------------------------------------------------------------------------------------------------- */

typedef struct cost { double us, step_ns, pause_us; uint64_t steps; } cost;

static cost run(vms_slice code) {
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  vms_sandbox *sandbox;
  cost c;
  options.memory_max = MEMORY_MAX;
  if (vms_sandbox_new(&sandbox, &options, NULL, NULL) != VMS_OK) abort();
  call.flags = VMS_SANDBOX_SCRIPT;
  call.steps_max = STEPS_MAX;
  pauses_begin(&sandbox->meter.left);
  double from = thread_us();
  (void)vms_sandbox_start(sandbox, code, &call, &outcome, NULL);
  c.us = thread_us() - from;
  c.pause_us = pauses_end();
  c.steps = outcome.steps;
  c.step_ns = c.us * 1e3 / (double)VMS__MAX(outcome.steps, (uint64_t)1);
  vms_sandbox_free(sandbox);
  vms_buffer_free(&outcome.result);
  vms_buffer_free(&outcome.name);
  vms_buffer_free(&outcome.message);
  return c;
}

static bool over(cost c) { return (c.us >= FLOOR_US && c.step_ns > STEP_NS_MAX) || c.pause_us > PAUSE_US_MAX; }

static void report(vms_slice code, cost c) {
  static unsigned number;
  const char *folder = getenv("HUNT");
  char path[512];
  printf("//// %.0f ns per step in %.0f ms, longest pause %.1f ms\n", c.step_ns, c.us / 1e3, c.pause_us / 1e3);
  fflush(stdout);
  if (folder == NULL) return;
  snprintf(path, sizeof path, "%s/%06.0f-%06.1f-%u.js", folder, c.step_ns, c.pause_us / 1e3, number++);
  FILE *file = fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "//// %.0f ns per step in %.0f ms, longest pause %.1f ms\n%.*s\n", c.step_ns, c.us / 1e3, c.pause_us / 1e3, (int)code.len, code.data);
  fclose(file);
}

/* Steps of a third: 8 * 1.33^31 is beyond anything. */
static unsigned bucket(double value, double least) {
  unsigned b = 0;
  for (; value > least && b < BUCKETS - 1; value /= 1.33) b++;
  return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_buffer code = VMS_BUFFER_INIT;
  if (counts['N'] == 0) rules_init();
  build(&code, data, size);
  if (code.data == NULL) abort();
  mend(&code);
  if (getenv("PRINT") != NULL) {
    printf("//// %zu bytes\n%s\n", size, code.data);
  } else {
    cost c = run(vms__buf_view(&code));
    if (over(c)) {
      cost again = run(vms__buf_view(&code));
      c = (cost){ VMS__MIN(c.us, again.us), VMS__MIN(c.step_ns, again.step_ns), VMS__MIN(c.pause_us, again.pause_us), c.steps };
      if (over(c)) report(vms__buf_view(&code), c);
    }
    for (size_t i = 0; i < used_count; i++) {
      if (c.us > FLOOR_US / 4) counters[(size_t)used[i] * BUCKETS * 2 + bucket(c.step_ns, 8)] = 1;
      counters[(size_t)used[i] * BUCKETS * 2 + BUCKETS + bucket(c.pause_us, 500)] = 1;
    }
  }
  vms_buffer_free(&code);
  return 0;
}
