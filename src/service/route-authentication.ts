import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  CognitoUserPool, JwtClaim, JwtClaimFormat, JwtOptions, OidcProvider, SignInOptions, UnauthenticatedRequest,
} from './route-authentication-options';
import { checkPattern, checkSeconds } from '../private/check';
import { fail, show } from '../private/fail';

/** The action of a listener rule before it forwards. */
type AuthenticateAction = elbv2.CfnListenerRule.ActionProperty;

/** What the actions for sign-in have in common. */
type SignInConfig = Pick<elbv2.CfnListenerRule.AuthenticateOidcConfigProperty, 'onUnauthenticatedRequest' | 'scope' | 'sessionTimeout' | 'sessionCookieName'>;

/**
 * Who may pass a route: the load balancer asks before the service sees the request.
 *
 * It needs HTTPS: a route with it on a load balancer that speaks plain HTTP is an error. The service learns from the header `x-amzn-oidc-data` (signed by
 * the load balancer) or `authorization` (the token) who called. Whoever reaches a task without the load balancer is not asked.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export class RouteAuthentication {
  /**
   * Users sign in with an OpenID Connect provider.
   *
   * Creates nothing of its own: each rule of the route first authenticates, then forwards (`AuthenticateOidcConfig`).
   *
   * @example
   * new EcsMicroservice(this, 'Backoffice', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({
   *     hosts: ['backoffice.example.com'],
   *     authentication: RouteAuthentication.oidc({
   *       issuer: 'https://login.example.com',
   *       authorizationEndpoint: 'https://login.example.com/authorize',
   *       tokenEndpoint: 'https://login.example.com/token',
   *       userInfoEndpoint: 'https://login.example.com/userinfo',
   *       clientId: 'backoffice',
   *       clientSecret: SecretValue.secretsManager('backoffice-sign-in'),
   *     }, { bypassPaths: ['/health'] }),
   *   })],
   * });
   */
  public static oidc(provider: OidcProvider, options: SignInOptions = {}): RouteAuthentication {
    for (const prop of ['issuer', 'authorizationEndpoint', 'tokenEndpoint', 'userInfoEndpoint'] as const) checkAddress(prop, provider[prop]);
    const signIn = signInConfig(options);
    const { clientSecret, ...known } = provider;
    return new RouteAuthentication(options.bypassPaths, (scope) => ({
      type: 'authenticate-oidc',
      authenticateOidcConfig: { ...known, clientSecret: referenceTo(scope, clientSecret.unsafeUnwrap()), ...signIn },
    }));
  }

  /**
   * Users sign in with a Cognito user pool.
   *
   * Creates nothing of its own: each rule of the route first authenticates, then forwards (`AuthenticateCognitoConfig`).
   *
   * @example
   * declare const userPool: cognito.UserPool;
   * declare const userPoolClient: cognito.UserPoolClient;
   * declare const userPoolDomain: cognito.UserPoolDomain;
   * new EcsMicroservice(this, 'Backoffice', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({
   *     paths: ['/backoffice/*'],
   *     authentication: RouteAuthentication.cognito({ userPool, userPoolClient, userPoolDomain }),
   *   })],
   * });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#cognito-requirements
   */
  public static cognito(pool: CognitoUserPool, options: SignInOptions = {}): RouteAuthentication {
    const signIn = signInConfig(options);
    return new RouteAuthentication(options.bypassPaths, () => ({
      type: 'authenticate-cognito',
      authenticateCognitoConfig: {
        userPoolArn: pool.userPool.userPoolArn,
        userPoolClientId: pool.userPoolClient.userPoolClientId,
        userPoolDomain: pool.userPoolDomain.domainName,
        ...signIn,
      },
    }));
  }

  /**
   * Callers, most often other programs, send a JSON Web Token in the header `Authorization: Bearer`. Without a valid one they get 401.
   *
   * Creates nothing of its own: each rule of the route first validates, then forwards (`JwtValidationConfig`).
   *
   * @example
   * new EcsMicroservice(this, 'Api', {
   *   cluster,
   *   image,
   *   routes: [ServiceRoute.internetFacing({
   *     paths: ['/api/*'],
   *     authentication: RouteAuthentication.jwt({
   *       issuer: 'https://login.example.com',
   *       jwksEndpoint: 'https://login.example.com/.well-known/jwks.json',
   *       claims: [{ name: 'scope', values: ['orders.read'], format: JwtClaimFormat.SPACE_SEPARATED }],
   *       bypassPaths: ['/api/health'],
   *     }),
   *   })],
   * });
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html
   */
  public static jwt(options: JwtOptions): RouteAuthentication {
    checkAddress('jwksEndpoint', options.jwksEndpoint);
    const claims = [...options.claims ?? []];
    if (claims.length > 10) fail(undefined, `'claims' must be 10 at most, got ${claims.length}; let the service check the others`);
    claims.forEach(checkClaim);
    return new RouteAuthentication(options.bypassPaths, () => ({
      type: 'jwt-validation',
      jwtValidationConfig: {
        issuer: options.issuer,
        jwksEndpoint: options.jwksEndpoint,
        additionalClaims: claims.length === 0 ? undefined
          : claims.map(({ name, values, format }) => ({ name, values: [...values], format: format ?? JwtClaimFormat.SINGLE_STRING })),
      },
    }));
  }

  /** @internal */
  public readonly _bypassPaths: string[];

  private constructor(bypassPaths: string[] = [], private readonly bind: (scope: Construct) => AuthenticateAction) {
    this._bypassPaths = [...bypassPaths];
  }

  /** @internal */
  public _bind(scope: Construct): AuthenticateAction {
    return this.bind(scope);
  }
}

function signInConfig(options: SignInOptions): SignInConfig {
  checkSeconds(undefined, 'sessionTimeout', options.sessionTimeout, 1, 604800, 'a sign-in lasts 7 days at most');
  checkPattern(undefined, 'sessionCookieName', options.sessionCookieName, /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/,
    'the name of a cookie', 'omit it or use letters and digits');
  return {
    onUnauthenticatedRequest: options.unauthenticated ?? UnauthenticatedRequest.SIGN_IN,
    scope: options.scope ?? 'openid',
    sessionTimeout: options.sessionTimeout?.toSeconds(),
    sessionCookieName: options.sessionCookieName,
  };
}

function checkAddress(prop: string, address: string): void {
  checkPattern(undefined, prop, address, /^https:\/\/[^\s/]+/, "an address that starts with 'https://'", 'take it from the discovery document of the provider');
}

function checkClaim({ name, values, format }: JwtClaim): void {
  const most = (format ?? JwtClaimFormat.SINGLE_STRING) === JwtClaimFormat.SINGLE_STRING ? 1 : 10;
  if (values.length < 1 || values.length > most) {
    fail(undefined, `'claims' must give ${most === 1 ? 'one value' : '1 to 10 values'} for ${show(name)}, got ${show(values)}; `
      + "with 'format: JwtClaimFormat.STRING_ARRAY' or 'SPACE_SEPARATED' a claim may have one of several");
  }
  const wrong = values.find((value) => !Token.isUnresolved(value) && (value.length > 256 || (format === JwtClaimFormat.SPACE_SEPARATED && value.includes(' '))));
  if (wrong !== undefined) {
    fail(undefined, `'claims' must have values of up to 256 characters, without spaces where those separate values, got ${show(wrong)} for ${show(name)}; shorten it`);
  }
}

/** A plain text would stand in the template for everybody to read. */
function referenceTo(scope: Construct, secret: string): string {
  const resolved: unknown = Stack.of(scope).resolve(secret);
  if (typeof resolved === 'string' && !resolved.startsWith('{{resolve:secretsmanager:')) {
    fail(scope, "'clientSecret' must be a reference to a secret in Secrets Manager, got a text that would stand in the template; "
      + "put it into a secret and write 'SecretValue.secretsManager(<its name>)'");
  }
  return secret;
}
