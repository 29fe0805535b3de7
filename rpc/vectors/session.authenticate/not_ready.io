// It answers while the first scan runs.
>> {"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"token":"the token of rpc.json"}}
<< {"jsonrpc":"2.0","id":1,"result":{"authenticated":true}}
