// A newer minor protocol only has more: what this service lacks, the client asks for in vain.
>> {"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"protocol":"1.7"}}
<< {"jsonrpc":"2.0","id":1,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
