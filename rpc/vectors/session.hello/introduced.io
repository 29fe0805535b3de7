// A client may say who it is; both are strings.
>> {"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"client":"my editor 1.2","protocol":"1.0"}}
<< {"jsonrpc":"2.0","id":1,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
