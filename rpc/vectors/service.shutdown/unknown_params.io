// What is misspelled does nothing.
>> {"jsonrpc":"2.0","id":1,"method":"service.shutdown","params":{"force":true}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"force\"; known: none"}}}
