// Projects are no periods, so there are no newest ones.
>> {"jsonrpc":"2.0","id":1,"method":"report.project","params":{"last":3}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"last\"; known: since, until, order, timezone, mode, project, source, model, noCost"}}}
