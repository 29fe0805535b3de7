>> {"jsonrpc":"2.0","id":1,"method":"usage.unsubscribe"}
<< {"jsonrpc":"2.0","id":1,"result":{"subscribed":false,"revision":7}}
