<%@ page contentType="text/html; charset=UTF-8" session="false" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guest book · www.foobar.com</title>
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/site.css">
</head>
<body>
<header>
  <p class="mark" aria-hidden="true">f<span>b</span></p>
  <h1>Guest book</h1>
  <p class="lead">Read from <c:out value="${page.node}"/>. <a href="./">To write, go to the front page.</a></p>
</header>
<main>
  <c:choose>
    <c:when test="${empty page.messages}"><p>Nobody has written anything yet.</p></c:when>
    <c:otherwise>
      <ol class="entries" reversed>
        <c:forEach items="${page.messages}" var="message">
          <li><p><c:out value="${message.text}"/></p><time datetime="${message.written}"><c:out value="${message.written}"/></time></li>
        </c:forEach>
      </ol>
    </c:otherwise>
  </c:choose>
  <c:if test="${not empty older}"><p><a href="guestbook?before=${older}" rel="next">Older entries</a></p></c:if>
</main>
</body>
</html>
