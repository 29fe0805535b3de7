// The session has to be named.
>> {"jsonrpc":"2.0","id":1,"method":"usage.thread"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"sessionId takes a session's id or unique prefix"}}}
>> {"jsonrpc":"2.0","id":2,"method":"usage.thread","params":{"sessionId":""}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"sessionId takes a session's id or unique prefix"}}}
