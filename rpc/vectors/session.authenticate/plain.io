// On TCP the first request of a connection; the token lies in rpc.json.
>> {"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"token":"the token of rpc.json"}}
<< {"jsonrpc":"2.0","id":1,"result":{"authenticated":true}}
// From now on all is answered.
>> {"jsonrpc":"2.0","id":2,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":2,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
