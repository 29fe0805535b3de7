// Where the prices in force are from, and of when.
>> {"jsonrpc":"2.0","id":1,"method":"pricing.refresh"}
<< {"jsonrpc":"2.0","id":1,"result":{"origin":"download","asOf":"2026-11-22"}}
