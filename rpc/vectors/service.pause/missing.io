>> {"jsonrpc":"2.0","id":1,"method":"service.pause"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"paused takes true or false"}}}
