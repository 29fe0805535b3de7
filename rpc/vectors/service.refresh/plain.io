>> {"jsonrpc":"2.0","id":1,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":1,"result":{"revision":8}}
