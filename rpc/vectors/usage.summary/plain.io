// Amounts are exact: 1.10 stays 1.10.
>> {"jsonrpc":"2.0","id":1,"method":"usage.summary"}
<< {"jsonrpc":"2.0","id":1,"result":{"today":{"key":"2026-11-22","totalCost":1.10},"revision":7}}
