>> {"jsonrpc":"2.0","id":1,"method":"report.weekly","params":{"startOfWeek":"Sunday"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"startOfWeek takes a weekday, such as \"sunday\""}}}
