// Only report.session takes a session.
>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"sessionId":"T-1"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"sessionId\"; known: since, until, order, timezone, mode, project, source, model, noCost, last"}}}
