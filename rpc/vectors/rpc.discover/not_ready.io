// It answers while the first scan runs.
>> {"jsonrpc":"2.0","id":1,"method":"rpc.discover"}
<~ {"jsonrpc":"2.0","id":1,"result":{"openrpc":
