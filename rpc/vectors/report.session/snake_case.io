// Names are camelCase, and nothing else.
>> {"jsonrpc":"2.0","id":1,"method":"report.session","params":{"session_id":"T-1"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"session_id\"; known: since, until, order, timezone, mode, project, source, model, noCost, sessionId"}}}
