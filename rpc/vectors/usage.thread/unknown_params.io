// The zone is the system's: what shows hours shows this machine's.
>> {"jsonrpc":"2.0","id":1,"method":"usage.thread","params":{"sessionId":"T-none","timezone":"UTC"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"timezone\"; known: sessionId"}}}
