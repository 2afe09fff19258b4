import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Duration, SecretValue } from 'aws-cdk-lib/core';
import {
  ClusterIngress, EcsMicroservice, JwtClaimFormat, OidcProvider, RouteAuthentication, ServiceRoute, ServiceRouteOptions, UnauthenticatedRequest,
} from '../../src';
import { createCluster, createStack, IMAGE } from '../util/fixtures';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

const PROVIDER: OidcProvider = {
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/userinfo',
  clientId: 'backoffice',
  clientSecret: SecretValue.secretsManager('sign-in'),
};

const JWT = { issuer: 'https://login.example.com', jwksEndpoint: 'https://login.example.com/jwks' };

function templateOf(options: ServiceRouteOptions): Template {
  const stack = createStack();
  const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/1');
  const cluster = createCluster(stack, { ingress: ClusterIngress.publicAlb({ certificates: [certificate] }) });
  new EcsMicroservice(stack, 'Orders', { cluster, image: IMAGE, routes: [ServiceRoute.internetFacing(options)] });
  return Template.fromStack(stack);
}

describe('RouteAuthentication', () => {
  test('oidc: signs in before it forwards, and the secret is a reference', () => {
    templateOf({ authentication: RouteAuthentication.oidc(PROVIDER) }).hasResourceProperties(RULE, {
      Actions: [
        {
          Type: 'authenticate-oidc',
          Order: 1,
          AuthenticateOidcConfig: {
            Issuer: 'https://login.example.com',
            AuthorizationEndpoint: 'https://login.example.com/authorize',
            TokenEndpoint: 'https://login.example.com/token',
            UserInfoEndpoint: 'https://login.example.com/userinfo',
            ClientId: 'backoffice',
            ClientSecret: '{{resolve:secretsmanager:sign-in:SecretString:::}}',
            OnUnauthenticatedRequest: 'authenticate',
            Scope: 'openid',
          },
        },
        { Type: 'forward', Order: 2, TargetGroupArn: Match.anyValue() },
      ],
    });
  });

  test('oidc: takes what is asked of the sign-in', () => {
    templateOf({
      authentication: RouteAuthentication.oidc(PROVIDER, {
        unauthenticated: UnauthenticatedRequest.DENY, scope: 'openid email', sessionTimeout: Duration.hours(8), sessionCookieName: 'Backoffice',
      }),
    }).hasResourceProperties(RULE, {
      Actions: Match.arrayWith([Match.objectLike({
        AuthenticateOidcConfig: Match.objectLike({
          OnUnauthenticatedRequest: 'deny', Scope: 'openid email', SessionTimeout: 28800, SessionCookieName: 'Backoffice',
        }),
      })]),
    });
  });

  test('cognito: names pool, client and domain', () => {
    const stack = createStack();
    const authentication = RouteAuthentication.cognito({
      userPool: cognito.UserPool.fromUserPoolArn(stack, 'Pool', 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_1'),
      userPoolClient: cognito.UserPoolClient.fromUserPoolClientId(stack, 'Client', 'client'),
      userPoolDomain: cognito.UserPoolDomain.fromDomainName(stack, 'Domain', 'company'),
    });
    templateOf({ authentication }).hasResourceProperties(RULE, {
      Actions: Match.arrayWith([Match.objectLike({
        Type: 'authenticate-cognito',
        AuthenticateCognitoConfig: Match.objectLike({
          UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_1', UserPoolClientId: 'client', UserPoolDomain: 'company',
        }),
      })]),
    });
  });

  test('jwt: validates issuer and claims', () => {
    const claims = [{ name: 'scope', values: ['orders.read'], format: JwtClaimFormat.SPACE_SEPARATED }, { name: 'team', values: ['a'] }];
    templateOf({ authentication: RouteAuthentication.jwt({ ...JWT, claims }) }).hasResourceProperties(RULE, {
      Actions: [
        {
          Type: 'jwt-validation',
          Order: 1,
          JwtValidationConfig: {
            Issuer: 'https://login.example.com',
            JwksEndpoint: 'https://login.example.com/jwks',
            AdditionalClaims: [
              { Name: 'scope', Values: ['orders.read'], Format: 'space-separated-values' }, { Name: 'team', Values: ['a'], Format: 'single-string' },
            ],
          },
        },
        Match.objectLike({ Type: 'forward', Order: 2 }),
      ],
    });
  });

  describe('bypass paths', () => {
    const authentication = RouteAuthentication.jwt({ ...JWT, bypassPaths: ['/api/health', '/api/hooks/*'] });

    test.each<[string, ServiceRouteOptions]>([
      ['worked out', {}], ['written', { priority: 7 }],
    ])('forward without asking, before the rest (priority %s)', (_, written) => {
      const rules = Object.values(templateOf({ paths: ['/api/*'], methods: ['GET'], authentication, ...written }).findResources(RULE))
        .map(({ Properties }) => Properties).sort((one, other) => one.Priority - other.Priority);
      const typesOf = (actions: { Type: string }[]) => actions.map(({ Type }) => Type);
      expect(rules.map(({ Conditions, Actions }) => [Conditions[0].PathPatternConfig.Values, typesOf(Actions)])).toEqual([
        [['/api/health', '/api/hooks/*'], ['forward']],
        [['/api/*'], ['jwt-validation', 'forward']],
      ]);
      for (const { Conditions } of rules) expect(Conditions[1].HttpRequestMethodConfig.Values).toEqual(['GET']);
    });

    test('fails when a path lies outside the route', () => {
      expect(() => ServiceRoute.internetFacing({ paths: ['/orders/*'], authentication })).toThrow("'bypassPaths' must be part of what the route's paths ask for, "
        + '/orders/*, and not all of one of them, got "/api/health"; give it a route of its own without authentication');
    });

    test('fails when nothing would be left to ask', () => {
      const all = RouteAuthentication.jwt({ ...JWT, bypassPaths: ['/api/**'] });
      expect(() => ServiceRoute.internetFacing({ paths: ['/api/*'], authentication: all })).toThrow('and not all of one of them, got "/api/**"');
    });

    test('may be any for a route of all paths', () => {
      ServiceRoute.internetFacing({ authentication });
    });
  });

  test('fails when the load balancer speaks plain HTTP', () => {
    const stack = createStack();
    const routes = [ServiceRoute.insideVpc({ authentication: RouteAuthentication.jwt(JWT) })];
    expect(() => new EcsMicroservice(stack, 'Orders', { cluster: createCluster(stack), image: IMAGE, routes })).toThrow(
      "'authentication' of a route needs a load balancer that speaks HTTPS, and this one speaks plain HTTP; "
      + "give a domain with its zone, or certificates, to the cluster's ingress (at Stack/Orders)");
  });

  test("fails when the 'clientSecret' is a plain text", () => {
    const authentication = RouteAuthentication.oidc({ ...PROVIDER, clientSecret: SecretValue.unsafePlainText('hunter2') });
    expect(() => templateOf({ authentication })).toThrow("'clientSecret' must be a reference to a secret in Secrets Manager, got a text that would stand in the "
      + "template; put it into a secret and write 'SecretValue.secretsManager(<its name>)' (at Stack/Orders)");
  });

  test.each<[string, () => RouteAuthentication, string]>([
    ['an address without HTTPS', () => RouteAuthentication.oidc({ ...PROVIDER, tokenEndpoint: 'http://login' }),
      "'tokenEndpoint' must be an address that starts with 'https://', got \"http://login\"; take it from the discovery document of the provider"],
    ['a key set without HTTPS', () => RouteAuthentication.jwt({ ...JWT, jwksEndpoint: 'login' }),
      "'jwksEndpoint' must be an address that starts with 'https://', got \"login\"; take it from the discovery document of the provider"],
    ['a long session', () => RouteAuthentication.oidc(PROVIDER, { sessionTimeout: Duration.days(8) }),
      "'sessionTimeout' must be between 1 and 604800 seconds, got 691200 seconds; a sign-in lasts 7 days at most"],
    ['a cookie with a space', () => RouteAuthentication.oidc(PROVIDER, { sessionCookieName: 'a b' }),
      "'sessionCookieName' must be the name of a cookie, got \"a b\"; omit it or use letters and digits"],
    ['eleven claims', () => RouteAuthentication.jwt({ ...JWT, claims: Array.from({ length: 11 }, () => ({ name: 'a', values: ['b'] })) }),
      "'claims' must be 10 at most, got 11; let the service check the others"],
    ['two values in one text', () => RouteAuthentication.jwt({ ...JWT, claims: [{ name: 'aud', values: ['a', 'b'] }] }),
      "'claims' must give one value for \"aud\", got [\"a\",\"b\"]; with 'format: JwtClaimFormat.STRING_ARRAY' or 'SPACE_SEPARATED' a claim may have one of several"],
    ['a space in a word', () => RouteAuthentication.jwt({ ...JWT, claims: [{ name: 'scope', values: ['a b'], format: JwtClaimFormat.SPACE_SEPARATED }] }),
      "'claims' must have values of up to 256 characters, without spaces where those separate values, got \"a b\" for \"scope\"; shorten it"],
  ])('fails when it has %s', (_, create, message) => {
    expect(create).toThrow(new Error(message));
  });
});
