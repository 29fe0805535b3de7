>> {"jsonrpc":"2.0","id":1,"method":"report.daily","params":{"order":"up"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"order takes \"asc\" or \"desc\""}}}
