// Types are not guessed at: no number for a name, no text for a number or a truth value.
>> {"jsonrpc":"2.0","id":1,"method":"report.project","params":{"project":7,"source":["amp"],"model":false,"noCost":"true"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"project takes a project's name; source takes a log format, such as \"amp\"; model takes a part of a model's name; noCost takes true or false"}}}
