>> []
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"a batch has at least one member"}}}
