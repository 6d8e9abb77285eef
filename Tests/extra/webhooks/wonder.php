<?php
// The check that WonderConvert's page prints, as printed there, in a script for PHP's own server.
$sharedSecret = getenv('SECRET');

$rawBody = file_get_contents('php://input');
$expected = 'sha256=' . hash_hmac('sha256', $rawBody, $sharedSecret);
$received = $_SERVER['HTTP_X_WONDERCONVERT_SIGNATURE'] ?? '';

if (!hash_equals($expected, $received)) {
    http_response_code(401);
    exit('Invalid signature');
}
