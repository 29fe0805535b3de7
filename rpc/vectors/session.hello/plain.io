// The first question of every client: who answers, and which protocol?
>> {"jsonrpc":"2.0","id":1,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":1,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
