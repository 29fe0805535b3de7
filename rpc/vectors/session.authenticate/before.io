// Before it nothing else is answered, and nobody is told what there is.
>> {"jsonrpc":"2.0","id":1,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"Not authenticated","data":{"kind":"notAuthenticated","hint":"call session.authenticate first, with the token that rpc.json tells"}}}
>> {"jsonrpc":"2.0","id":2,"method":"usage.summary"}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32003,"message":"Not authenticated","data":{"kind":"notAuthenticated","hint":"call session.authenticate first, with the token that rpc.json tells"}}}
>> {"jsonrpc":"2.0","id":3,"method":"service.shutdown"}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32003,"message":"Not authenticated","data":{"kind":"notAuthenticated","hint":"call session.authenticate first, with the token that rpc.json tells"}}}
>> {"jsonrpc":"2.0","id":4,"method":"no.such"}
<< {"jsonrpc":"2.0","id":4,"error":{"code":-32003,"message":"Not authenticated","data":{"kind":"notAuthenticated","hint":"call session.authenticate first, with the token that rpc.json tells"}}}
// A notification gets no answer, as ever, and does nothing.
>> {"jsonrpc":"2.0","method":"service.shutdown"}
// The connection stays open for the token.
>> {"jsonrpc":"2.0","id":5,"method":"session.authenticate","params":{"token":"the token of rpc.json"}}
<< {"jsonrpc":"2.0","id":5,"result":{"authenticated":true}}
>> {"jsonrpc":"2.0","id":6,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":6,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
