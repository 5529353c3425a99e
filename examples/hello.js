// hello.js - the smallest service.
exports.hello = name => `hello ${name}`
