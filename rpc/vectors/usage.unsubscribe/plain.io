// After it, a new revision is not told.
>> {"jsonrpc":"2.0","id":1,"method":"usage.subscribe"}
<< {"jsonrpc":"2.0","id":1,"result":{"subscribed":true,"revision":7}}
>> {"jsonrpc":"2.0","id":2,"method":"usage.unsubscribe"}
<< {"jsonrpc":"2.0","id":2,"result":{"subscribed":false,"revision":7}}
>> {"jsonrpc":"2.0","id":3,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":3,"result":{"revision":8}}
