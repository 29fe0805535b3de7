// Only report.weekly has weeks.
>> {"jsonrpc":"2.0","id":1,"method":"report.blocks","params":{"startOfWeek":"monday"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"startOfWeek\"; known: since, until, order, timezone, mode, project, source, model, noCost, last"}}}
