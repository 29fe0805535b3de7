>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"mode":"credits"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"mode takes \"auto\", \"calculate\" or \"display\""}}}
