>> {"jsonrpc":"2.0","id":1,"method":"usage.guess"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found","data":{"kind":"methodNotFound","hint":"rpc.discover lists the methods"}}}
// The same without an id: silence.
>> {"jsonrpc":"2.0","method":"usage.guess"}
