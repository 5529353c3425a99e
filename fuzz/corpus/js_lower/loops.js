a: for (let i = 0, j; i < 3; i++) { switch (i) { case 1: { let k = () => i + k; continue a } default: break a } } for (var p in { get() {}, [q]: 1 }) ;
