const f = async (a, { b = 1 }, ...c) => { for (const d of await a) { try { await d?.e?.(`x${b}`) } catch { c ??= [...c] } } };
