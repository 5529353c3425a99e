// SPDX-License-Identifier: MIT
import { graphql, buildSchema, parse, print as write, validate, visit, introspectionFromSchema, buildClientSchema, printSchema, GraphQLObjectType, GraphQLSchema, GraphQLString, GraphQLNonNull, GraphQLList, GraphQLError, subscribe } from 'graphql';
import jsonata from 'jsonata';

const orders = { Account: { Name: 'Firefly', Order: [{ id: 'o1', Product: [{ Name: 'Hat', Price: 34.45, Quantity: 2 }, { Name: 'Bow', Price: 21.67, Quantity: 1 }] }, { id: 'o2', Product: [{ Name: 'Hat', Price: 34.45, Quantity: 4 }] }] } };
const expressions = ['Account.Name', '$sum(Account.Order.Product.(Price * Quantity))', 'Account.Order.Product{Name: $sum(Quantity)}', 'Account.Order.Product[Price > 30].Name', 'Account.Order[id = "o2"].Product.Price', 'Account.Order.Product^(>Price, Name).Quantity',
  '$map([1..5], function($v, $i) { $v * $i })', '$filter([1..10], function($n) { $n % 3 = 0 })', '$join($split("a,b,c", ","), "-")', '$uppercase("abc") & $string(5)', '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))', '$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")', '$fromMillis(0)', '$toMillis("2020-02-29T00:00:00Z")', '$sort([3, 1, 2])', '$reduce([1..5], function($a, $b) { $a + $b })', '$formatNumber(12345.678, "#,###.00")', '$match("ababbc", /a(b+)/).groups', '$merge([{"a": 1}, {"b": 2}])', '$lookup(Account, "Name")', '**.Price[0]', '$keys(Account.Order[0])', '$round(2.345, 2)', '$exists(Account.Nothing)', '$type([])', '"x" in ["x", "y"]', '$each({"a": 1}, function($v, $k) { $k & $v })', '| Account.Order[0] | {"seen": true} |'];

export default async check => {
  const json = async value => JSON.parse(JSON.stringify((await value) ?? null));
  for (const expression of expressions) await check.later(`jsonata ${expression}`, json(jsonata(expression).evaluate(orders)));
  const bound = jsonata('$twice(x) + y');
  bound.registerFunction('twice', async n => n * 2, '<n:n>');
  await check.later('jsonata with functions', json(bound.evaluate({ x: 5, y: 1 })));
  check('jsonata ast', jsonata('a.b[0]').ast().steps.map(step => [step.type, step.value]));
  check.throws('jsonata syntax', () => { try { jsonata('a.(b'); } catch (error) { throw new Error(`${error.code} ${error.position}`); } });
  await check.later('jsonata error', async () => { try { return await jsonata('$number("x")').evaluate({}); } catch (error) { return [error.code, error.message]; } });

  const schema = buildSchema('type Query { hello(name: String = "you"): String!, list(first: Int): [Item!]!, any: [Any] } type Item { id: ID!, n: Int } type Other { o: Boolean } union Any = Item | Other enum Kind { A B } input Filter { kinds: [Kind!] = [A], x: Float } type Mutation { add(filter: Filter!): Int } schema { query: Query mutation: Mutation }');
  const root = { hello: ({ name }) => `hi ${name}`, list: async ({ first }) => [{ id: 1, n: 2 }, { id: 'b', n: async () => 3 }].slice(0, first), any: [{ __typename: 'Item', id: 3 }, { __typename: 'Other', o: true }], add: ({ filter }) => filter.kinds.length + filter.x };
  const ask = (source, variableValues) => json(graphql({ schema, source, rootValue: root, variableValues }));
  await check.later('query', ask('query Q($n: String) { hello(name: $n) again: hello list { ...F } } fragment F on Item { id twice: n }', { n: 'Ada' }));
  await check.later('directives', ask('query ($yes: Boolean!) { hello @include(if: $yes) list(first: 1) @skip(if: $yes) { id } }', { yes: true }));
  await check.later('unions', ask('{ any { __typename ... on Item { id } ... on Other { o } } }'));
  await check.later('mutation', ask('mutation { add(filter: { kinds: [A, B], x: 0.5 }) }'));
  await check.later('invalid', ask('{ hello nope list }'));
  await check.later('variables missing', ask('mutation ($f: Filter!) { add(filter: $f) }', { f: { kinds: ['C'] } }));
  check('schema', printSchema(buildClientSchema(introspectionFromSchema(schema))));
  check('written', write(parse('query($a:[Int!]=[1,2]){a(x:$a,y:{b:"c"}){...on T@d{e}}}')));
  check('visited', (() => { const names = []; visit(parse('{ a { b } c }'), { Field: { enter: node => { names.push(node.name.value); }, leave: node => { names.push(`/${node.name.value}`); } } }); return names; })());
  check('validated', validate(schema, parse('{ list { id { x } } }')).map(error => error.message));
  check.throws('syntax', () => parse('{ a('));
  const Node = new GraphQLObjectType({ name: 'Node', fields: () => ({ name: { type: new GraphQLNonNull(GraphQLString) }, children: { type: new GraphQLList(Node), resolve: node => node.of ?? [] }, failing: { type: GraphQLString, resolve: () => { throw new GraphQLError('not today', { extensions: { code: 'NO' } }); } } }) });
  const tree = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { root: { type: Node, resolve: () => ({ name: 'a', of: [{ name: 'b', of: [{ name: 'c' }] }] }) } } }), subscription: new GraphQLObjectType({ name: 'Subscription', fields: { tick: { type: GraphQLString, subscribe: async function* () { yield { tick: 'one' }; yield { tick: 'two' }; } } } }) });
  await check.later('tree', json(graphql({ schema: tree, source: '{ root { name failing children { name children { name } } } }' })));
  await check.later('subscription', async () => { const seen = []; for await (const event of await subscribe({ schema: tree, document: parse('subscription { tick }') })) seen.push(event.data.tick); return seen; });
};
