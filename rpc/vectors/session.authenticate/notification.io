// Who wants no answer sends no id.
>> {"jsonrpc":"2.0","method":"session.authenticate","params":{"token":"the token of rpc.json"}}
>> {"jsonrpc":"2.0","id":1,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":1,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
