>> {"jsonrpc":"2.0","id":1,"method":"service.pause","params":{"paused":true}}
<< {"jsonrpc":"2.0","id":1,"result":{"paused":true}}
>> {"jsonrpc":"2.0","id":2,"method":"service.pause","params":{"paused":false}}
<< {"jsonrpc":"2.0","id":2,"result":{"paused":false}}
