/** What all programs share: the image, the network, the secret, the numbers of a service and of a pipeline. */
const ec2 = require('aws-cdk-lib/aws-ec2');
const secretsmanager = require('aws-cdk-lib/aws-secretsmanager');

exports.IMAGE = 'public.ecr.aws/nginx/nginx:stable';
exports.PORT = 80;
exports.JOBS = ['Extract', 'Clean', 'Enrich', 'Train', 'Report'];

exports.pathOf = (index) => `/service-${index}/*`;

exports.vpcIn = (stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });

exports.secretIn = (stack) => secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'shared/database');
