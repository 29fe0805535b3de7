// Ids come back as they were sent.
>> {"jsonrpc":"2.0","id":"ü","method":"service.refresh"}
<< {"jsonrpc":"2.0","id":"ü","result":{"revision":8}}
>> {"jsonrpc":"2.0","id":1.5,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":1.5,"result":{"revision":9}}
>> {"jsonrpc":"2.0","id":null,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":null,"result":{"revision":10}}
>> {"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":123456789012345678901234567890,"result":{"revision":11}}
// Infinity cannot be repeated.
>> {"jsonrpc":"2.0","id":1e999,"method":"service.refresh"}
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"an id is a string, a number or null, of at most 1000 characters"}}}
