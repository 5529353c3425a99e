// SPDX-License-Identifier: MIT
const guests = {}; const rsvp = (who, { coming = true, plus = 0 } = {}) => { guests[who] = { coming, plus }; return Object.keys(guests).filter(g => guests[g].coming).reduce((n, g) => n + 1 + guests[g].plus, 0); };
console.log([rsvp('ann'), rsvp('bob', { plus: 2 }), rsvp('cy', { coming: false })].join());
