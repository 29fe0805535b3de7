>> {"jsonrpc":"2.0","id":1,"method":"pricing.refresh","params":{"url":"http://127.0.0.1/"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"url\"; known: none"}}}
