// A protocol is two numbers; the refusal repeats no value.
>> {"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"protocol":"latest"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"protocol takes the protocol the client was written for, such as \"1.0\""}}}
