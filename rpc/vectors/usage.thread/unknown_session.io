>> {"jsonrpc":"2.0","id":1,"method":"usage.thread","params":{"sessionId":"T-none"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"Unknown session","data":{"kind":"unknownSession","hint":"report.session without sessionId lists them"}}}
