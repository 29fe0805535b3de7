// Members are answered one by one, in their order: a bad one spoils no other,
// notifications and responses are left out.
>> [{"jsonrpc":"2.0","id":1,"method":"session.hello"},5,{"jsonrpc":"2.0","method":"session.hello"},{"jsonrpc":"2.0","id":7,"result":1},{"jsonrpc":"2.0","id":2,"method":"nope"}]
<< [{"jsonrpc":"2.0","id":1,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"a request is an object"}}},{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found","data":{"kind":"methodNotFound","hint":"rpc.discover lists the methods"}}}]
