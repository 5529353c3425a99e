# SPDX-License-Identifier: MIT
# A host that says what it is told to, for tests of callers: liar.py ANSWERS.json URL. It stands in front of a real one and prints its own URL.
#
# ANSWERS maps a method to the text that it answers a request with; ID stands for the request's id. A list is answered in turn, its
# last element for ever. "close" hangs up, "silent" says nothing, "slow TEXT" answers after half a second, "ask" asks the real host, as is
# done with every other method.
import asyncio, json, sys
import websockets

answers = json.load(open(sys.argv[1]))


async def serve(connection, path):
    async with websockets.connect(sys.argv[2].rstrip('/') + path, max_size=None) as real:
        async for text in connection:
            request = json.loads(text)
            answer = answers.get(request['method'], 'ask')
            if isinstance(answer, list): answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if answer == 'close': return
            if answer == 'ask':
                await real.send(text)
                answer = await real.recv()
            if answer.startswith('slow '): await asyncio.sleep(0.5)
            if answer != 'silent': await connection.send(answer.removeprefix('slow ').replace('ID', json.dumps(request['id'])))


async def main():
    async with websockets.serve(serve, '127.0.0.1', 0, max_size=None) as server:
        print('ws://127.0.0.1:%d/' % server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()

asyncio.run(main())
