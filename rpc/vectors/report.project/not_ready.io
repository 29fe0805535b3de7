>> {"jsonrpc":"2.0","id":1,"method":"report.project"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Not ready","data":{"kind":"notReady","hint":"the first scan still runs; ask again, service.status shows how far it is"}}}
