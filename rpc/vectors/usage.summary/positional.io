// Params go by name.
>> {"jsonrpc":"2.0","id":1,"method":"usage.summary","params":["today"]}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"params go by name, in an object"}}}
