>> {"jsonrpc":"2.0","id":1,"method":"service.status","params":{"verbose":true}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"verbose\"; known: none"}}}
