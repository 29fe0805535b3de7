// Subscribing sends no notification; the next revision does.
>> {"jsonrpc":"2.0","id":1,"method":"usage.subscribe"}
<< {"jsonrpc":"2.0","id":1,"result":{"subscribed":true,"revision":7}}
>> {"jsonrpc":"2.0","id":2,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":2,"result":{"revision":8}}
<< {"jsonrpc":"2.0","method":"usage.changed","params":{"revision":8,"summary":{"today":{"key":"2026-11-22","totalCost":1.10},"revision":8}}}
