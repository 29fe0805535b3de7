// The whole document lies in openrpc.json.
>> {"jsonrpc":"2.0","id":1,"method":"rpc.discover"}
<~ {"jsonrpc":"2.0","id":1,"result":{"openrpc":"1.3.2","info":{"title":"amp-tray","version":"1.0",
