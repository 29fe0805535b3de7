>> {"jsonrpc":"2.0","id":1,"method":"rpc.discover","params":{"method":"usage.summary"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"method\"; known: none"}}}
