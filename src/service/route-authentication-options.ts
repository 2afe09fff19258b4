import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Duration, SecretValue } from 'aws-cdk-lib/core';

/** What happens to a request without a session. */
export enum UnauthenticatedRequest {
  /** The browser is led to the sign-in page. For pages that users open. */
  SIGN_IN = 'authenticate',

  /** It is answered with 401. For calls that a page makes in the background. */
  DENY = 'deny',

  /** It passes, without the headers that tell who the user is. For pages that say more to those who have signed in. */
  ALLOW = 'allow',
}

/** Options of the authentications in which users sign in. */
export interface SignInOptions {
  /**
   * Paths within the route's own that need no sign-in, such as `/health` and `/webhooks/*`. They take rules of their own.
   *
   * @default - none
   */
  readonly bypassPaths?: string[];

  /**
   * What happens to a request without a session.
   *
   * @default UnauthenticatedRequest.SIGN_IN
   */
  readonly unauthenticated?: UnauthenticatedRequest;

  /**
   * What to ask the identity provider about the user, separated by spaces.
   *
   * @default 'openid'
   */
  readonly scope?: string;

  /**
   * How long a sign-in lasts, 1 second to 7 days.
   *
   * @default Duration.days(7)
   */
  readonly sessionTimeout?: Duration;

  /**
   * The name of the session's cookie. Routes with one cookie share the sign-in.
   *
   * @default 'AWSELBAuthSessionCookie'
   */
  readonly sessionCookieName?: string;
}

/** An OpenID Connect provider and what it knows of this application. The load balancer must reach its end points over the internet. */
export interface OidcProvider {
  /** The issuer, an HTTPS address, as the provider spells it. */
  readonly issuer: string;

  /** The address of the sign-in page, HTTPS. */
  readonly authorizationEndpoint: string;

  /** The address where a code becomes a token, HTTPS. */
  readonly tokenEndpoint: string;

  /** The address that tells about the user, HTTPS. */
  readonly userInfoEndpoint: string;

  /** The id of this application. Allow the redirect to `https://<your domain>/oauth2/idpresponse` for it. */
  readonly clientId: string;

  /** The secret of this application, by reference: `SecretValue.secretsManager('sign-in')`. A plain text is an error: it would stand in the template. */
  readonly clientSecret: SecretValue;
}

/** A Cognito user pool and what it knows of this application. */
export interface CognitoUserPool {
  /** The user pool. */
  readonly userPool: cognito.IUserPool;

  /** The app client: with a secret, the authorization code grant and the redirect to `https://<your domain>/oauth2/idpresponse`. */
  readonly userPoolClient: cognito.IUserPoolClient;

  /** The domain of the sign-in page. */
  readonly userPoolDomain: cognito.IUserPoolDomain;
}

/** How a token holds a claim. */
export enum JwtClaimFormat {
  /** One text. */
  SINGLE_STRING = 'single-string',

  /** A list of texts, as in most `aud`. */
  STRING_ARRAY = 'string-array',

  /** Words in one text, as in `scope`. */
  SPACE_SEPARATED = 'space-separated-values',
}

/** A claim that a token must have. */
export interface JwtClaim {
  /** The name, such as `scope`. The claims `iss`, `exp`, `nbf` and `iat` are checked anyway. */
  readonly name: string;

  /** The values that are accepted, up to 10 of up to 256 characters; one only for `JwtClaimFormat.SINGLE_STRING`. */
  readonly values: string[];

  /**
   * How the token holds it.
   *
   * @default JwtClaimFormat.SINGLE_STRING
   */
  readonly format?: JwtClaimFormat;
}

/** Options of `RouteAuthentication.jwt`. */
export interface JwtOptions {
  /** What the token must name as its issuer (`iss`). */
  readonly issuer: string;

  /** The public HTTPS address of the issuer's key set (JWKS): 10 keys and 150 KB at most. Tokens are signed by RS256. */
  readonly jwksEndpoint: string;

  /**
   * Further claims that the token must have, up to 10.
   *
   * @default - none
   */
  readonly claims?: JwtClaim[];

  /**
   * Paths within the route's own that need no token, such as `/health` and `/webhooks/*`. They take rules of their own.
   *
   * @default - none
   */
  readonly bypassPaths?: string[];
}
