// Every wrong parameter is named.
>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"since":20261101,"timezone":""}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"since takes first day, such as \"2026-11-21\" or \"7d\"; timezone takes a zone such as \"Europe/Berlin\", or \"local\""}}}
